; obligation: the measure of C
(set-logic QF_NRA)
(declare-const |ratio| Real)
(declare-const |total| Real)
(assert (> |ratio| 0))
(assert (> (+ 1 (* (- 3) |ratio|)) 0))
(assert (= (+ (* (- 1) |ratio|) (* (- 2) |ratio| |total|) |total|) 0))
(assert (>= (+ (- 1) |total|) 0))
(check-sat)
