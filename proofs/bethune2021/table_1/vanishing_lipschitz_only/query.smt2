; obligation: minimal: one layer
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
