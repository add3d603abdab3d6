; obligation: limits
(set-logic QF_LRA)
(declare-const |f| Real)
(declare-const |t| Real)
(assert (>= (+ (* (- 1) |f|) |t|) 0))
(assert (or (>= (* (- 1) |f|) 0) (= (+ (* (- 1) |f|) (* 2 |t|)) 0)))
(assert (> |f| 0))
(check-sat)
