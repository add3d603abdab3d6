; obligation: strictly concave
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: products are positive
(set-logic QF_NRA)
(declare-const |x| Real)
(declare-const |y| Real)
(assert (> |x| 0))
(assert (> |y| 0))
(assert (>= (* (- 1) |x| |y|) 0))
(check-sat)
