; obligation: MaxMin of (x, 0)
(set-logic QF_LRA)
(assert (or (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0))))
(check-sat)
