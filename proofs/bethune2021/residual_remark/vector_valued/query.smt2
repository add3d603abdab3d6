; obligation: minimal: one coordinate
(set-logic QF_NRA)
(declare-const |u| Real)
(declare-const |v| Real)
(assert (or (> (+ (* (- 1) |u|) |v|) 0) (> (+ |u| (* (- 1) |v|)) 0)))
(assert (= (+ (- 1) (* |u| |u|)) 0))
(assert (= (+ (- 1) (* |v| |v|)) 0))
(assert (or (> (+ |u| |v|) 0) (> (+ (* (- 1) |u|) (* (- 1) |v|)) 0)))
(check-sat)
