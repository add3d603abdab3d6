; obligation: every bound fails
(set-logic QF_NRA)
(declare-const |i| Real)
(declare-const |j| Real)
(declare-const |m| Real)
(assert (>= (+ (- 1) |i| (* (- 1) |j|)) 0))
(assert (> |m| 0))
(assert (> (+ (* (- 2) |i| |m|) (* 2 |j| |m|) (* 2 |m|)) 0))
(check-sat)
