; obligation: minimal: one hidden unit
(set-logic QF_NRA)
(declare-const |v| Real)
(declare-const |w| Real)
(assert (= (+ (- 1) (* |v| |v|)) 0))
(assert (= (+ (- 1) (* |w| |w|)) 0))
(assert (or (> (+ (- 1) (* |v| |v| |w| |w|)) 0) (> (+ 1 (* (- 1) |v| |v| |w| |w|)) 0)))
(check-sat)
