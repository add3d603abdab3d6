; obligation: minimal: with one point in each class the limit at infinity is -1 where f > 0
(set-logic QF_LRA)
(declare-const |e| Real)
(declare-const |m| Real)
(declare-const |x| Real)
(assert (> (+ (* (- 1) |m|) |x|) 0))
(assert (> |e| 0))
(assert (or (> 0 0) (> 0 0)))
(check-sat)
