; obligation: minimal: n = 1, normal 1
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: minimal: n = 1, normal -1
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
