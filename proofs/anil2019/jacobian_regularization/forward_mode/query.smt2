; obligation: 2 x 3 Jacobians
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: one more entry of the Jacobian
(set-logic QF_NRA)
(declare-const |R| Real)
(declare-const |S| Real)
(declare-const |t| Real)
(assert (= (+ (* (- 1) |R| |t|) |S|) 0))
(assert (or (> (+ (* (- 1) |R| |t|) |S|) 0) (> (+ (* |R| |t|) (* (- 1) |S|)) 0)))
(check-sat)
