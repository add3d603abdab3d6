; obligation: losses of opposite constants
(set-logic QF_NRA)
(declare-const |u| Real)
(declare-const |v| Real)
(assert (>= (+ (- 1) (* |u| |v|)) 0))
(assert (>= (+ 1 (* (- 1) |u| |v|)) 0))
(assert (> |u| 0))
(assert (or (> (+ 1 (* (- 1) |u| |v|)) 0) (> (+ (- 1) (* |u| |v|)) 0)))
(check-sat)
