; obligation: derivative of order 1, 1 x 1, entry 0, 0
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 2 x 1, entry 0, 0
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 2 x 1, entry 1, 0
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 1 x 2, entry 0, 0
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 1 x 2, entry 0, 1
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 2 x 2, entry 0, 0
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 2 x 2, entry 0, 1
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 2 x 2, entry 1, 0
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative of order 1, 2 x 2, entry 1, 1
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: derivative at an orthonormal matrix
(set-logic QF_LRA)
(declare-const |h| Real)
(declare-const |w| Real)
(assert (= (+ (* (- 1) |h|) |w|) 0))
(assert (or (> (+ |h| (* (- 1) |w|)) 0) (> (+ (* (- 1) |h|) |w|) 0)))
(check-sat)
