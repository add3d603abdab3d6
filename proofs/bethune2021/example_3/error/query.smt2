; obligation: right at all four points
(set-logic QF_LRA)
(declare-const |L| Real)
(assert (> |L| 0))
(assert (or (> 0 0) (> (* (- 3) |L|) 0) (> (* (- 3) |L|) 0) (> (* (- 2) |L|) 0) (> (* (- 3) |L|) 0) (> (* (- 3) |L|) 0) (> (* (- 3) |L|) 0) (> (* (- 1) |L|) 0) (> 0 0) (> (* (- 5) |L|) 0) (> (* (- 3) |L|) 0) (> (* (- 2) |L|) 0) (>= (* (- 1) |L|) 0) (>= (* (- 1) |L|) 0) (>= (* (- 1) |L|) 0) (>= (* (- 1) |L|) 0)))
(check-sat)
(reset)
; obligation: the minimizer is wrong at -1
(set-logic QF_NRA)
(declare-const |v| Real)
(assert (> (+ 17 (* (- 8) |v|) (* (- 9) |v| |v|)) 0))
(assert (> |v| 0))
(assert (>= (+ (- 1) |v|) 0))
(check-sat)
