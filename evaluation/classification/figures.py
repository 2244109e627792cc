"""The figures of classification for JSON."""

from typing import Any

from evaluation.classification.nested_cross_validation import ClassificationResults, SplitResult


def model_figures(results: ClassificationResults) -> dict[str, Any]:
    """Return model → split → figures, as shares of 1; None if no class is hidden."""
    figures_by_model: dict[str, dict[str, Any]] = {}
    for split_result in results.split_results:
        figures_by_model.setdefault(split_result.model, {})[split_result.split] = split_figures(split_result)
    return {"models": figures_by_model}


def split_figures(split_result: SplitResult) -> dict[str, Any]:
    predictions, irrelevant_f1 = split_result.predictions, split_result.irrelevant_f1()
    mean, deviation = predictions.fold_macro_f1()
    return {
        "n": predictions.n,
        "accuracy": predictions.accuracy,
        "macro_f1": predictions.f1(),
        "macro_f1_folds": {"mean": mean, "sd": deviation},
        "macro_f1_interval": predictions.f1_interval(),
        "irrelevant_f1": irrelevant_f1[0] if irrelevant_f1 else None,
        "irrelevant_f1_interval": irrelevant_f1[1:] if irrelevant_f1 else None,
        "lost": predictions.confusion.lost_share(split_result.hidden_classes) if irrelevant_f1 else None,
        "storage_saved": split_result.storage_saved if irrelevant_f1 else None,
        "ece": split_result.ece,
        "classes": {class_name: predictions.f1(class_name) for class_name in predictions.confusion.classes},
    }
