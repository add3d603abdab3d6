; obligation: minimal: matrices with one row
(set-logic QF_NRA)
(declare-const |g| Real)
(declare-const |q| Real)
(assert (= (+ (- 1) |q|) 0))
(assert (or (> (+ (* (- 1) |g| |g|) (* |g| |g| |q|)) 0) (> (+ (* |g| |g|) (* (- 1) |g| |g| |q|)) 0)))
(check-sat)
