; obligation: labels of distinct points
(set-logic QF_LRA)
(declare-const |distance| Real)
(assert (> |distance| 0))
(assert (or (>= (* (- 1) |distance|) 0) (>= (* (- 1) |distance|) 0)))
(check-sat)
