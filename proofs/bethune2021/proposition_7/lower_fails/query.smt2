; obligation: Blichfeldt's factor, one more dimension
(set-logic QF_NRA)
(declare-const |n| Real)
(declare-const |p| Real)
(assert (>= (+ (- 1) |n|) 0))
(assert (> (+ (- 4) (* (- 4) |n|) (* (- 1) |n| |n|) (* 4 |p|)) 0))
(assert (>= (+ 9 (* 6 |n|) (* |n| |n|) (* (- 8) |p|)) 0))
(check-sat)
