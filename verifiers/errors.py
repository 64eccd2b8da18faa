"""What can go wrong in the verifier floor.

VerifierError               root; never raised itself
└── FindingError            a verifier broke its contract: a foreign page, a reason that is not its
                            verdict's, evidence whose quote is not at its offsets
"""

from __future__ import annotations

__all__ = ["FindingError", "VerifierError"]


class VerifierError(Exception):
    """Root of everything that this floor raises; catch it, never raise it."""

    def __new__(cls, *args: object, **kwargs: object) -> VerifierError:
        """Refuse to be built as the bare root, so that each raise names its cause."""
        if cls is VerifierError:
            msg = "VerifierError is abstract; raise one of its kinds"
            raise TypeError(msg)
        return super().__new__(cls, *args, **kwargs)


class FindingError(VerifierError):
    """The finding of `verifier` breaks the contract in the way that `detail` says."""

    def __init__(self, verifier: str, detail: str) -> None:
        super().__init__(f"verifier {verifier}: {detail}")
        self.verifier = verifier
        self.detail = detail
