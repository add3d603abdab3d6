; obligation: minimal: it fails exactly where W > 0
(set-logic QF_LRA)
(declare-const |distance| Real)
(declare-const |least| Real)
(assert (>= |distance| 0))
(assert (>= (* (- 1) |least|) 0))
(assert (> |distance| 0))
(assert (>= (+ (* (- 1) |distance|) |least|) 0))
(check-sat)
