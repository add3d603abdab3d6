; obligation: a sorted pair by four ReLUs
(set-logic QF_LRA)
(assert (or (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0))))
(check-sat)
