; obligation: the measure is positive
(set-logic QF_NRA)
(declare-const |ratio| Real)
(declare-const |size| Real)
(assert (> |ratio| 0))
(assert (> (+ 1 (* (- 3) |ratio|)) 0))
(assert (= (+ (- 1) (* 3 |ratio|) (* (- 2) |ratio| |size|) |size|) 0))
(assert (>= (* (- 1) |size|) 0))
(check-sat)
