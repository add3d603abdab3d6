(* The restricted Stone-Weierstrass theorem: a set of 1-Lipschitz functions that is closed under max and min and takes
   prescribed values at any two points takes prescribed values at any finite number of points, and is dense in the
   1-Lipschitz functions on every totally bounded space with two points.

   d may be any function of two points: of a metric only the Lipschitz condition is used. *)

From Coq Require Import Reals Lra List Classical.
From Lipcheck Require Import sorting.
Open Scope R_scope.

Definition lipschitz {X : Type} (d : X -> X -> R) (f : X -> R) : Prop := forall x y, Rabs (f x - f y) <= d x y.

Definition lattice {X : Type} (L : (X -> R) -> Prop) : Prop :=
  forall f g, L f -> L g -> L (fun x => Rmax (f x) (g x)) /\ L (fun x => Rmin (f x) (g x)).

(* The separation property of the paper. *)
Definition separates {X : Type} (d : X -> X -> R) (L : (X -> R) -> Prop) : Prop :=
  forall x y a b, x <> y -> Rabs (a - b) <= d x y -> exists f, L f /\ f x = a /\ f y = b.

Definition totally_bounded {X : Type} (d : X -> X -> R) : Prop :=
  forall r, 0 < r -> exists net, forall z, exists x, In x net /\ d z x <= r.

(* Max and min of 1-Lipschitz functions, two and then any finite number of them. *)

Theorem max_and_min_are_lipschitz : forall (X : Type) (d : X -> X -> R) f g, lipschitz d f -> lipschitz d g ->
  lipschitz d (fun x => Rmax (f x) (g x)) /\ lipschitz d (fun x => Rmin (f x) (g x)).
Proof.
  unfold lipschitz. intros X d f g F G. split; intros x y; specialize (F x y); specialize (G x y); revert F G;
  unfold Rmax, Rmin, Rabs; destruct (Rle_dec (f x) (g x)), (Rle_dec (f y) (g y)); repeat destruct (Rcase_abs _); lra.
Qed.

Theorem finite_max_and_min_are_lipschitz : forall (X : Type) (d : X -> X -> R) f fs,
  lipschitz d f -> Forall (lipschitz d) fs ->
  lipschitz d (fun x => fold_right Rmax (f x) (map (fun g => g x) fs)) /\
  lipschitz d (fun x => fold_right Rmin (f x) (map (fun g => g x) fs)).
Proof.
  intros X d f fs F Fs. induction Fs as [|g gs G Gs [A B]]; simpl; [split; exact F|]. split.
  - apply (max_and_min_are_lipschitz X d g (fun x => fold_right Rmax (f x) (map (fun h => h x) gs))); assumption.
  - apply (max_and_min_are_lipschitz X d g (fun x => fold_right Rmin (f x) (map (fun h => h x) gs))); assumption.
Qed.

(* Vectors in the infinity norm: coordinatewise max and min. *)

Fixpoint coordinatewise (op : R -> R -> R) (xs ys : list R) : list R :=
  match xs, ys with
  | x :: xs', y :: ys' => op x y :: coordinatewise op xs' ys'
  | _, _ => nil
  end.

Theorem coordinatewise_max_and_min_are_lipschitz : forall (X : Type) (d : X -> X -> R) (f g : X -> list R),
  (forall x y, within (d x y) (f x) (f y)) -> (forall x y, within (d x y) (g x) (g y)) ->
  (forall x y, within (d x y) (coordinatewise Rmax (f x) (g x)) (coordinatewise Rmax (f y) (g y))) /\
  (forall x y, within (d x y) (coordinatewise Rmin (f x) (g x)) (coordinatewise Rmin (f y) (g y))).
Proof.
  assert (step : forall (op : R -> R -> R) r,
    (forall a b c e, Rabs (a - b) <= r -> Rabs (c - e) <= r -> Rabs (op a c - op b e) <= r) ->
    forall xs ys us vs, within r xs ys -> within r us vs -> within r (coordinatewise op xs us) (coordinatewise op ys vs)).
  { unfold within. intros op r H xs ys us vs W. revert us vs. induction W as [|x y xs ys A W IH]; intros us vs V; simpl.
    - constructor.
    - destruct V as [|u v us vs B V]; [constructor|]. constructor; [apply H; assumption | apply IH, V]. }
  intros X d f g F G. split; intros x y.
  - apply step; [intros a b c e; apply max_close | apply F | apply G].
  - apply step; [intros a b c e; apply min_close | apply F | apply G].
Qed.

(* Interpolation. *)

Lemma below : forall (X : Type) (L : (X -> R) -> Prop) g x points, lattice L ->
  (exists f, L f /\ f x = g x) ->
  (forall y, In y points -> exists f, L f /\ f x = g x /\ f y = g y) ->
  exists F, L F /\ F x = g x /\ forall y, In y points -> F y <= g y.
Proof.
  intros X L g x points HL H0. induction points as [|y ys IH]; intros H.
  - destruct H0 as [f [Lf E]]. exists f. repeat split; try assumption. intros y [].
  - destruct IH as [F [LF [Fx FB]]]; [intros z Hz; apply H; right; exact Hz|].
    destruct (H y) as [f [Lf [fx fy]]]; [left; reflexivity|].
    exists (fun z => Rmin (F z) (f z)). split; [apply HL; assumption|]. split.
    + rewrite Fx, fx. unfold Rmin. destruct (Rle_dec _ _); reflexivity.
    + intros z [E|Hz].
      * subst z. rewrite <- fy. apply Rmin_r.
      * apply Rle_trans with (F z); [apply Rmin_l | apply FB, Hz].
Qed.

Theorem interpolation : forall (X : Type) (L : (X -> R) -> Prop) (g : X -> R) points, lattice L -> points <> nil ->
  (forall x y, In x points -> In y points -> exists f, L f /\ f x = g x /\ f y = g y) ->
  exists F, L F /\ forall x, In x points -> F x = g x.
Proof.
  intros X L g points HL N H.
  assert (B : forall x, In x points -> exists F, L F /\ F x = g x /\ forall y, In y points -> F y <= g y).
  { intros x Hx. apply below; [exact HL | | intros y Hy; apply H; assumption].
    destruct (H x x Hx Hx) as [f [Lf [E _]]]. exists f. split; assumption. }
  assert (A : forall some, (forall z, In z some -> In z points) -> some <> nil ->
              exists F, L F /\ (forall y, In y points -> F y <= g y) /\ forall z, In z some -> g z <= F z).
  { induction some as [|z zs IH]; intros S Ns; [contradiction|].
    destruct (B z) as [f [Lf [fz fB]]]; [apply S; left; reflexivity|].
    destruct zs as [|w ws].
    - exists f. repeat split; try assumption. intros u [E|[]]. subst u. rewrite fz. apply Rle_refl.
    - destruct IH as [F [LF [FB FA]]]; [intros u Hu; apply S; right; exact Hu | discriminate|].
      exists (fun u => Rmax (f u) (F u)). split; [apply HL; assumption|]. split.
      + intros y Hy. apply Rmax_lub; [apply fB, Hy | apply FB, Hy].
      + intros u [E|Hu].
        * subst u. rewrite <- fz. apply Rmax_l.
        * apply Rle_trans with (F u); [apply FA, Hu | apply Rmax_r]. }
  destruct (A points) as [F [LF [FB FA]]]; [auto | exact N|].
  exists F. split; [exact LF|]. intros x Hx. apply Rle_antisym; [apply FB, Hx | apply FA, Hx].
Qed.

(* In a space with two points the values of a 1-Lipschitz function can be prescribed at any two points, equal or not. *)
Lemma two_values : forall (X : Type) (d : X -> X -> R) (L : (X -> R) -> Prop) (g : X -> R) (p q : X), p <> q -> separates d L -> lipschitz d g ->
  forall x y, exists f, L f /\ f x = g x /\ f y = g y.
Proof.
  intros X d L g p q Hpq S G x y. destruct (classic (x = y)) as [E|N].
  - subst y. assert (O : exists z, x <> z).
    { destruct (classic (x = p)) as [E|N]; [exists q; intros F; apply Hpq; congruence | exists p; exact N]. }
    destruct O as [z Hz]. destruct (S x z (g x) (g z) Hz (G x z)) as [f [Lf [fx _]]]. exists f. auto.
  - apply (S x y (g x) (g y) N (G x y)).
Qed.

Theorem values_at_finitely_many_points : forall (X : Type) (d : X -> X -> R) (L : (X -> R) -> Prop) (p q : X) (g : X -> R) points,
  p <> q -> lattice L -> separates d L -> lipschitz d g ->
  exists f, L f /\ forall x, In x points -> f x = g x.
Proof.
  intros X d L p q g points Hpq HL S G.
  destruct (interpolation X L g (p :: points)) as [f [Lf E]]; [exact HL | discriminate | |].
  - intros x y _ _. apply (two_values X d L g p q Hpq S G).
  - exists f. split; [exact Lf|]. intros x Hx. apply E. right. exact Hx.
Qed.

Theorem restricted_stone_weierstrass : forall (X : Type) (d : X -> X -> R) (L : (X -> R) -> Prop) (p q : X),
  p <> q -> totally_bounded d -> (forall f, L f -> lipschitz d f) -> lattice L -> separates d L ->
  forall g eps, lipschitz d g -> 0 < eps -> exists f, L f /\ forall z, Rabs (f z - g z) < eps.
Proof.
  intros X d L p q Hpq TB Lip HL S g eps G He.
  destruct (TB (eps / 4)) as [net Net]; [lra|].
  destruct (values_at_finitely_many_points X d L p q g net Hpq HL S G) as [f [Lf E]].
  exists f. split; [exact Lf|]. intros z. destruct (Net z) as [x [Hx Hd]].
  specialize (E x Hx). assert (A := Lip f Lf z x). assert (B := G z x). rewrite E in A. revert A B.
  unfold Rabs. repeat destruct (Rcase_abs _); lra.
Qed.

(* The premises can hold: all 1-Lipschitz functions on two points at the distance 1. *)
Theorem premises_can_hold : exists (d : bool -> bool -> R) (L : (bool -> R) -> Prop),
  true <> false /\ d true false = 1 /\ totally_bounded d /\ (forall f, L f -> lipschitz d f) /\ lattice L /\ separates d L.
Proof.
  exists (fun x y => if Bool.eqb x y then 0 else 1), (lipschitz (fun x y => if Bool.eqb x y then 0 else 1)).
  split; [discriminate|]. split; [reflexivity|]. split; [|split; [auto|split]].
  - intros r Hr. exists (true :: false :: nil). intros z. exists z.
    split; [destruct z; simpl; auto|]. destruct z; simpl; lra.
  - intros f g F G. apply max_and_min_are_lipschitz; assumption.
  - intros x y a b N H. exists (fun z => if Bool.eqb z x then a else b). split; [|split].
    + intros u v. destruct x, y, u, v; simpl in *; try (exfalso; apply N; reflexivity); revert H; unfold Rabs;
        repeat destruct (Rcase_abs _); lra.
    + destruct x; reflexivity.
    + destruct x, y; simpl; try reflexivity; exfalso; apply N; reflexivity.
Qed.
