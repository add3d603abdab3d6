; obligation: the images of the axes are independent
(set-logic QF_LRA)
(declare-const |a| Real)
(declare-const |entry| Real)
(assert (= (+ (* (- 1) |a|) |entry|) 0))
(assert (= |entry| 0))
(assert (or (> |a| 0) (> (* (- 1) |a|) 0)))
(check-sat)
