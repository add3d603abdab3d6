; obligation: an entry of the damped step
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: a mean
(set-logic QF_LRA)
(declare-const |b| Real)
(assert (>= |b| 0))
(assert (>= (+ 1 (* (- 2) |b|)) 0))
(assert (or (> (+ (- 1) (* 2 |b|)) 0) (> (* (- 2) |b|) 0)))
(check-sat)
