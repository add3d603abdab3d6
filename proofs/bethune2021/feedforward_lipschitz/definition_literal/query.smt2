; obligation: minimal: an affine map before or behind keeps every slope's size
(set-logic QF_NRA)
(declare-const |a| Real)
(declare-const |s| Real)
(assert (= (+ (- 1) (* |a| |a|)) 0))
(assert (or (> (+ (* |a| |a| |s| |s|) (* (- 1) |s| |s|)) 0) (> (+ (* (- 1) |a| |a| |s| |s|) (* |s| |s|)) 0)))
(check-sat)
