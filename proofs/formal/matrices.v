(* Sums, matrices and quadratic forms of any size: a symmetric form that is never negative is a sum of squares, and every
   contraction W has a factor B with |W x|^2 + |B x|^2 = |x|^2.

   A vector of length n is a function of which the first n values count, a matrix a function of row and column. A matrix
   with n columns and m rows has orthonormal columns exactly if |D x|^2 = |x|^2 for all x of length n, that is, if all
   its singular values are 1 (n <= m); it has orthonormal rows if |D' y|^2 = |y|^2 for all y. *)

From Coq Require Import Reals Lra Lia Arith.
Open Scope R_scope.

Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S k => sum k f + f k
  end.

Definition square_norm (n : nat) (x : nat -> R) : R := sum n (fun i => x i * x i).
Definition times (n : nat) (A : nat -> nat -> R) (x : nat -> R) : nat -> R := fun i => sum n (fun j => A i j * x j).
Definition transposed (A : nat -> nat -> R) : nat -> nat -> R := fun i j => A j i.

Definition contraction (m n : nat) (W : nat -> nat -> R) : Prop :=
  forall x, square_norm m (times n W x) <= square_norm n x.

Definition orthonormal_columns (m n : nat) (D : nat -> nat -> R) : Prop :=
  forall x, square_norm m (times n D x) = square_norm n x.

Definition orthonormal_rows (m n : nat) (D : nat -> nat -> R) : Prop := orthonormal_columns n m (transposed D).

(* Sums. *)

Lemma sum_same : forall n f g, (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof.
  induction n as [|n IH]; intros f g H; simpl; [reflexivity|].
  rewrite (IH f g), (H n); [reflexivity | lia | intros i Hi; apply H; lia].
Qed.

Lemma sum_plus : forall n f g, sum n (fun i => f i + g i) = sum n f + sum n g.
Proof.
  induction n as [|n IH]; intros f g; simpl; [lra | rewrite IH; lra].
Qed.

Lemma sum_times : forall n c f, sum n (fun i => c * f i) = c * sum n f.
Proof.
  induction n as [|n IH]; intros c f; simpl; [lra | rewrite IH; lra].
Qed.

Lemma sum_zero : forall n, sum n (fun _ => 0) = 0.
Proof.
  induction n as [|n IH]; simpl; [reflexivity | rewrite IH; lra].
Qed.

Lemma sum_swap : forall m n f, sum m (fun i => sum n (fun j => f i j)) = sum n (fun j => sum m (fun i => f i j)).
Proof.
  induction m as [|m IH]; intros n f; simpl.
  - symmetry. apply sum_zero.
  - rewrite IH, <- sum_plus. reflexivity.
Qed.

Lemma sum_split : forall a b f, sum (a + b) f = sum a f + sum b (fun i => f (a + i)%nat).
Proof.
  intros a. induction b as [|b IH]; intros f; simpl.
  - rewrite Nat.add_0_r. lra.
  - rewrite Nat.add_succ_r. simpl. rewrite IH. lra.
Qed.

Lemma sum_nonnegative : forall n f, (forall i, 0 <= f i) -> 0 <= sum n f.
Proof.
  induction n as [|n IH]; intros f H; simpl; [lra | specialize (IH f H); specialize (H n); lra].
Qed.

Lemma sum_product : forall m n f g, sum m f * sum n g = sum m (fun i => sum n (fun j => f i * g j)).
Proof.
  induction m as [|m IH]; intros n f g; simpl; [lra|]. rewrite <- IH, sum_times. lra.
Qed.

(* Quadratic forms. *)

Definition form (n : nat) (A : nat -> nat -> R) (x : nat -> R) : R := sum n (fun i => sum n (fun j => A i j * (x i * x j))).

Definition last_at (n : nat) (x : nat -> R) (t : R) : nat -> R := fun i => if Nat.eq_dec i n then t else x i.

Lemma form_same : forall n A x y, (forall i, (i < n)%nat -> x i = y i) -> form n A x = form n A y.
Proof.
  intros n A x y H. unfold form. apply sum_same. intros i Hi. apply sum_same. intros j Hj. rewrite !H by lia. reflexivity.
Qed.

Lemma form_step : forall n A x, (forall i j, A i j = A j i) ->
  form (S n) A x = form n A x + 2 * x n * sum n (fun i => A i n * x i) + A n n * (x n * x n).
Proof.
  intros n A x Sym. unfold form. simpl.
  rewrite (sum_same n (fun i => sum n (fun j => A i j * (x i * x j)) + A i n * (x i * x n))
                      (fun i => sum n (fun j => A i j * (x i * x j)) + x n * (A i n * x i))) by (intros; lra).
  rewrite sum_plus, sum_times.
  rewrite (sum_same n (fun j => A n j * (x n * x j)) (fun j => x n * (A j n * x j)))
    by (intros j Hj; rewrite (Sym n j); lra).
  rewrite sum_times. lra.
Qed.

Lemma last_at_step : forall n A x t, (forall i j, A i j = A j i) ->
  form (S n) A (last_at n x t) = form n A x + 2 * t * sum n (fun i => A i n * x i) + A n n * (t * t).
Proof.
  intros n A x t Sym. rewrite form_step by exact Sym.
  assert (Below : forall i, (i < n)%nat -> last_at n x t i = x i)
    by (intros i Hi; unfold last_at; destruct (Nat.eq_dec i n); [lia | reflexivity]).
  rewrite (form_same n A (last_at n x t) x Below).
  rewrite (sum_same n (fun i => A i n * last_at n x t i) (fun i => A i n * x i)) by (intros i Hi; rewrite Below by lia; reflexivity).
  unfold last_at. destruct (Nat.eq_dec n n); [reflexivity | lia].
Qed.

Lemma nonnegative_line : forall a b, (forall t, 0 <= a + 2 * t * b) -> b = 0.
Proof.
  intros a b H. destruct (Req_dec b 0) as [E|N]; [exact E|]. specialize (H (- (a + 1) / (2 * b))).
  replace (a + 2 * (- (a + 1) / (2 * b)) * b) with (-1) in H by (field; exact N). lra.
Qed.

(* A symmetric form that is never negative is a sum of squares: Cholesky's factor, with zero rows for zero pivots. *)
Theorem factor : forall n A, (forall i j, A i j = A j i) -> (forall x, 0 <= form n A x) ->
  exists B, forall x, square_norm n (times n B x) = form n A x.
Proof.
  induction n as [|n IH]; intros A Sym Pos.
  - exists (fun _ _ => 0). intros x. reflexivity.
  - assert (Line : forall x t, 0 <= form n A x + 2 * t * sum n (fun i => A i n * x i) + A n n * (t * t))
      by (intros x t; rewrite <- last_at_step by exact Sym; apply Pos).
    set (l := fun x => sum n (fun i => A i n * x i)) in *.
    assert (Corner : 0 <= A n n).
    { specialize (Line (fun _ => 0) 1). unfold form in Line.
      rewrite (sum_same n _ (fun _ => 0)) in Line by (intros; rewrite (sum_same n _ (fun _ => 0)) by (intros; lra); apply sum_zero).
      rewrite sum_zero in Line. unfold l in Line. rewrite (sum_same n _ (fun _ => 0)) in Line by (intros; lra).
      rewrite sum_zero in Line. lra. }
    destruct (Req_dec (A n n) 0) as [Z|NZ].
    + assert (L0 : forall x, l x = 0).
      { intros x. apply (nonnegative_line (form n A x)). intros t. specialize (Line x t). rewrite Z in Line. fold (l x) in Line. lra. }
      destruct (IH A Sym) as [B HB].
      { intros x. specialize (Line x 0). lra. }
      exists (fun i j => if Nat.eq_dec i n then 0 else if Nat.eq_dec j n then 0 else B i j).
      intros x. rewrite form_step by exact Sym. fold (l x). rewrite L0, Z, <- HB. unfold square_norm at 1. simpl.
      assert (Last : times (S n) (fun i j => if Nat.eq_dec i n then 0 else if Nat.eq_dec j n then 0 else B i j) x n = 0).
      { unfold times. rewrite (sum_same (S n) _ (fun _ => 0)); [apply sum_zero|].
        intros j _. destruct (Nat.eq_dec n n); [lra | lia]. }
      rewrite Last. unfold square_norm.
      rewrite (sum_same n _ (fun i => times n B x i * times n B x i)); [lra|].
      intros i Hi. assert (E : times (S n) (fun i j => if Nat.eq_dec i n then 0 else if Nat.eq_dec j n then 0 else B i j) x i
                               = times n B x i); [|rewrite E; reflexivity].
      unfold times. simpl. destruct (Nat.eq_dec i n); [lia|]. destruct (Nat.eq_dec n n); [|lia].
      rewrite (sum_same n _ (fun j => B i j * x j)); [lra|]. intros j Hj. destruct (Nat.eq_dec j n); [lia | reflexivity].
    + set (a := A n n) in *. assert (P : 0 < a) by lra.
      set (A' := fun i j => A i j - A i n * A j n / a).
      assert (Form : forall x, form n A' x = form n A x - l x * l x / a).
      { intros x. unfold l. rewrite sum_product. unfold Rdiv at 1. rewrite (Rmult_comm _ (/ a)).
        unfold form, A'. rewrite <- sum_times.
        rewrite (sum_same n _ (fun i => sum n (fun j => A i j * (x i * x j))
                                        + (- 1) * (/ a * sum n (fun j => A i n * x i * (A j n * x j))))).
        - rewrite sum_plus, sum_times. lra.
        - intros i Hi. rewrite <- sum_times, <- sum_times, <- sum_plus. apply sum_same. intros j Hj. field. lra. }
      destruct (IH A') as [B HB].
      { intros i j. unfold A'. rewrite (Sym i j). f_equal. field. lra. }
      { intros x. rewrite Form. specialize (Line x (- l x / a)). fold (l x) in Line.
        replace (form n A x + 2 * (- l x / a) * l x + a * (- l x / a * (- l x / a))) with (form n A x - l x * l x / a) in Line
          by (field; lra). exact Line. }
      set (r := sqrt a). assert (Hr : r * r = a) by (apply sqrt_sqrt; lra).
      assert (Rp : 0 < r) by (apply sqrt_lt_R0; exact P).
      set (C := fun i j => if Nat.eq_dec i n then (if Nat.eq_dec j n then r else A j n / r)
                           else if Nat.eq_dec j n then 0 else B i j).
      exists C. intros x. rewrite form_step by exact Sym. fold (l x). fold a. unfold square_norm at 1. simpl.
      assert (Last : times (S n) C x n = l x / r + r * x n).
      { unfold times, C. simpl. destruct (Nat.eq_dec n n); [|lia]. f_equal. unfold l.
        unfold Rdiv. rewrite Rmult_comm, <- sum_times. apply sum_same. intros j Hj. destruct (Nat.eq_dec j n); [lia | lra]. }
      rewrite Last.
      assert (Rest : sum n (fun i => times (S n) C x i * times (S n) C x i) = form n A' x).
      { rewrite <- HB. unfold square_norm. apply sum_same. intros i Hi.
        assert (E : times (S n) C x i = times n B x i); [|rewrite E; reflexivity].
        unfold times, C. simpl. destruct (Nat.eq_dec i n); [lia|]. destruct (Nat.eq_dec n n); [|lia].
        rewrite (sum_same n _ (fun j => B i j * x j)); [lra|]. intros j Hj. destruct (Nat.eq_dec j n); [lia | reflexivity]. }
      rewrite Rest, Form. rewrite <- Hr. field. lra.
Qed.

(* The factor of a contraction: |W x|^2 + |B x|^2 = |x|^2. *)

Definition gram (m : nat) (W : nat -> nat -> R) (i j : nat) : R :=
  (if Nat.eq_dec i j then 1 else 0) - sum m (fun k => W k i * W k j).

Lemma pick : forall n i f, (i < n)%nat -> sum n (fun j => (if Nat.eq_dec i j then 1 else 0) * f j) = f i.
Proof.
  induction n as [|n IH]; intros i f H; [lia|]. simpl. destruct (Nat.eq_dec i n) as [E|N].
  - subst i. rewrite (sum_same n _ (fun _ => 0)); [rewrite sum_zero; lra|].
    intros j Hj. destruct (Nat.eq_dec n j); [lia | lra].
  - rewrite IH by lia. lra.
Qed.

Lemma form_gram : forall m n W x, form n (gram m W) x = square_norm n x - square_norm m (times n W x).
Proof.
  intros m n W x.
  assert (E : square_norm m (times n W x) = sum n (fun i => sum n (fun j => sum m (fun k => W k i * W k j) * (x i * x j)))).
  { unfold square_norm, times.
    rewrite (sum_same m _ (fun k => sum n (fun i => sum n (fun j => W k i * x i * (W k j * x j)))))
      by (intros k Hk; apply sum_product).
    rewrite sum_swap. apply sum_same. intros i Hi. rewrite sum_swap. apply sum_same. intros j Hj.
    rewrite Rmult_comm, <- sum_times. apply sum_same. intros k Hk. lra. }
  rewrite E. unfold form, square_norm.
  rewrite (sum_same n _ (fun i => x i * x i + (- 1) * sum n (fun j => sum m (fun k => W k i * W k j) * (x i * x j)))).
  - rewrite sum_plus, sum_times. lra.
  - intros i Hi. rewrite <- (pick n i (fun j => x i * x j) Hi) at 1. rewrite <- sum_times, <- sum_plus.
    apply sum_same. intros j Hj. unfold gram. lra.
Qed.

Theorem factor_of_a_contraction : forall m n W, contraction m n W ->
  exists B, forall x, square_norm m (times n W x) + square_norm n (times n B x) = square_norm n x.
Proof.
  intros m n W H. destruct (factor n (gram m W)) as [B HB].
  - intros i j. unfold gram. rewrite (sum_same m (fun k => W k i * W k j) (fun k => W k j * W k i)) by (intros; lra).
    destruct (Nat.eq_dec i j), (Nat.eq_dec j i); try lia; lra.
  - intros x. rewrite form_gram. specialize (H x). lra.
  - exists B. intros x. rewrite HB, form_gram. lra.
Qed.
