; obligation: the largest singular value
(set-logic QF_NRA)
(declare-const |s| Real)
(declare-const |t| Real)
(assert (> |s| 0))
(assert (= (+ (* (- 1) |s|) (* |s| |t|)) 0))
(assert (>= (+ (- 1) |t|) 0))
(check-sat)
