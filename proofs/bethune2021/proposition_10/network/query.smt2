; obligation: one more halving
(set-logic QF_LRA)
(declare-const |after| Real)
(declare-const |before| Real)
(declare-const |scale| Real)
(assert (= (+ (* 2 |after|) (* (- 1) |before|)) 0))
(assert (>= (+ (* (- 1) |before|) |scale|) 0))
(assert (> (+ (* 2 |after|) (* (- 1) |scale|)) 0))
(check-sat)
