; obligation: M is orthogonal
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: the column has norm one
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
(reset)
; obligation: the row has norm at most one
(set-logic QF_NRA)
(declare-const |x1| Real)
(declare-const |x2| Real)
(assert (or (> (+ (* (- 2) |x1| |x2|) (* (- 1) |x1| |x1|) (* (- 1) |x2| |x2|)) 0) (> (+ (* 2 |x1| |x2|) (* (- 1) |x1| |x1|) (* (- 1) |x2| |x2|)) 0)))
(check-sat)
(reset)
; obligation: the row's norm is attained
(set-logic QF_NRA)
(declare-const |x1| Real)
(declare-const |x2| Real)
(assert (= (+ |x1| |x2|) 0))
(assert (or (> (+ (* (- 2) |x1| |x2|) (* (- 1) |x1| |x1|) (* (- 1) |x2| |x2|)) 0) (> (+ (* 2 |x1| |x2|) (* |x1| |x1|) (* |x2| |x2|)) 0)))
(check-sat)
