(* The composition of any number of layers between spaces of any kind is Lipschitz with the product of the constants.

   Space l has the points X l, the metric [coming l] of the layer that ends there and the metric [leaving l] of the layer
   that starts there. *)

From Coq Require Import Reals Lra Lia List.
Open Scope R_scope.

Fixpoint run (X : nat -> Type) (layer : forall l, X l -> X (S l)) (depth : nat) : X O -> X depth :=
  match depth with
  | O => fun x => x
  | S before => fun x => layer before (run X layer before x)
  end.

Fixpoint product (K : nat -> R) (depth : nat) : R :=
  match depth with
  | O => 1
  | S before => K before * product K before
  end.

Theorem composition : forall (X : nat -> Type) (coming leaving : forall l, X l -> X l -> R)
  (layer : forall l, X l -> X (S l)) (K : nat -> R) (depth : nat),
  (forall l, (l <= depth)%nat -> 0 <= K l) ->
  (forall l x y, (l <= depth)%nat -> coming (S l) (layer l x) (layer l y) <= K l * leaving l x y) ->
  (forall l x y, (l < depth)%nat -> leaving (S l) x y <= coming (S l) x y) ->
  forall x y, coming (S depth) (run X layer (S depth) x) (run X layer (S depth) y) <=
              product K (S depth) * leaving O x y.
Proof.
  intros X coming leaving layer K. induction depth as [|depth IH]; intros HK HL HM x y.
  - simpl. rewrite Rmult_1_r. apply HL. lia.
  - change (run X layer (S (S depth)) x) with (layer (S depth) (run X layer (S depth) x)).
    change (run X layer (S (S depth)) y) with (layer (S depth) (run X layer (S depth) y)).
    apply Rle_trans with (K (S depth) * leaving (S depth) (run X layer (S depth) x) (run X layer (S depth) y)).
    + apply HL. lia.
    + change (product K (S (S depth))) with (K (S depth) * product K (S depth)). rewrite Rmult_assoc.
      apply Rmult_le_compat_l; [apply HK; lia|].
      apply Rle_trans with (coming (S depth) (run X layer (S depth) x) (run X layer (S depth) y)).
      * apply HM. lia.
      * apply IH; intros; [apply HK | apply HL | apply HM]; lia.
Qed.

Lemma product_of_ones : forall depth, product (fun _ => 1) depth = 1.
Proof.
  induction depth as [|depth IH]; simpl; [reflexivity | rewrite IH; lra].
Qed.

Theorem composition_of_1_lipschitz : forall (X : nat -> Type) (coming leaving : forall l, X l -> X l -> R)
  (layer : forall l, X l -> X (S l)) (depth : nat),
  (forall l x y, (l <= depth)%nat -> coming (S l) (layer l x) (layer l y) <= leaving l x y) ->
  (forall l x y, (l < depth)%nat -> leaving (S l) x y <= coming (S l) x y) ->
  forall x y, coming (S depth) (run X layer (S depth) x) (run X layer (S depth) y) <= leaving O x y.
Proof.
  intros X coming leaving layer depth HL HM x y.
  rewrite <- (Rmult_1_l (leaving O x y)), <- (product_of_ones (S depth)).
  apply composition; try assumption; intros; [lra | rewrite Rmult_1_l; apply HL; assumption].
Qed.
