; obligation: constants are no better than L_0
(set-logic QF_NRA)
(declare-const |z| Real)
(assert (> |z| 0))
(assert (> (+ (- 1) (* (- 4) |z|) (* (- 6) |z| |z|) (* 12 |z| |z| |z|) (* (- 1) |z| |z| |z| |z|)) 0))
(check-sat)
