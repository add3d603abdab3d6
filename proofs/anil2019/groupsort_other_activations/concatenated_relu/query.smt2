; obligation: linear maps of the pair
(set-logic QF_LRA)
(assert (or (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0))))
(check-sat)
(reset)
; obligation: networks for 1 numbers
(set-logic QF_LRA)
(assert (or (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0))))
(check-sat)
(reset)
; obligation: networks for 2 numbers
(set-logic QF_LRA)
(assert (or (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0))))
(check-sat)
(reset)
; obligation: networks for 3 numbers
(set-logic QF_LRA)
(assert (or (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0)) (or (> 0 0) (> 0 0))))
(check-sat)
