"""What a use case wants written, all of it or nothing.

A service returns no half-done state: it hands a list of these to ``ports.Store.commit`` and the adapter turns each
into one part of one transaction. The condition of every write is part of its meaning and stands in its docstring;
when one does not hold, nothing is written and ``WriteRefused`` names the write and what is there.

A new write is a class in the module of its context, its spelling in ``adapters/dynamodb/writes`` and its effect in
``tests/fakes/writes``; a test says which of them is missing.
"""

from darkroom.domain.writes.accounts import (
    ChangeKeys,
    ClaimIdentity,
    CountBudget,
    CountRequest,
    CountVisit,
    CreateKey,
    CreateWorkspace,
    ForgetKey,
    RevokeKey,
    SaveOneTimePassword,
    UseOneTimePassword,
)
from darkroom.domain.writes.base import Current, Write, WriteRefused
from darkroom.domain.writes.billing import (
    AppendEntry,
    CountedRefund,
    ExpireCredits,
    GrantCredits,
    HoldCredits,
    MoveCredits,
    RefundCredits,
    ReinstateCredits,
    ReverseCredits,
    SaveExpiringGrants,
    SavePurchase,
    SaveReloadState,
    SaveSpread,
    SetAutoReload,
    SetCustomer,
    SettleCredits,
    SpendCredits,
    WatchWallet,
)
from darkroom.domain.writes.brands import DeleteBrandKit, SaveBrandKit, SetDefaultBrandKit
from darkroom.domain.writes.carousels import PointAtSlide, SavePlan
from darkroom.domain.writes.files import (
    CountStoredFile,
    CreateFile,
    DeleteFile,
    DeleteFont,
    ReleaseFont,
    SaveFont,
    SettleFile,
    TakeUploadPlace,
    UseFont,
)
from darkroom.domain.writes.idempotency import (
    IdempotencyRecord,
    ReplaceResponse,
    SaveIdempotencyRecord,
    StoredResponse,
)
from darkroom.domain.writes.jobs import (
    AdvanceJob,
    ChargeLateWork,
    CreateJob,
    DeleteAsset,
    DeleteJob,
    JoinFamily,
    SaveAsset,
)
from darkroom.domain.writes.manifests import SaveManifest
from darkroom.domain.writes.reconcile import SaveReconciliation
from darkroom.domain.writes.renders import (
    CountTemplate,
    DeleteTemplate,
    RetireTemplate,
    SaveRender,
    SaveTemplate,
    UncountTemplate,
)
from darkroom.domain.writes.usage import AddUsage, NoteUsage
from darkroom.domain.writes.vendors import ReleaseVendorSlots, TakeSlots
from darkroom.domain.writes.webhooks import (
    DeleteEndpoint,
    DisableEndpoint,
    NoteHealth,
    RecordEvent,
    SaveDelivery,
    SaveEndpoint,
)

__all__ = [
    "AddUsage",
    "AdvanceJob",
    "AppendEntry",
    "ChangeKeys",
    "ChargeLateWork",
    "ClaimIdentity",
    "CountBudget",
    "CountRequest",
    "CountStoredFile",
    "CountTemplate",
    "CountVisit",
    "CountedRefund",
    "CreateFile",
    "CreateJob",
    "CreateKey",
    "CreateWorkspace",
    "Current",
    "DeleteAsset",
    "DeleteBrandKit",
    "DeleteEndpoint",
    "DeleteFile",
    "DeleteFont",
    "DeleteJob",
    "DeleteTemplate",
    "DisableEndpoint",
    "ExpireCredits",
    "ForgetKey",
    "GrantCredits",
    "HoldCredits",
    "IdempotencyRecord",
    "JoinFamily",
    "MoveCredits",
    "NoteHealth",
    "NoteUsage",
    "PointAtSlide",
    "RecordEvent",
    "RefundCredits",
    "ReinstateCredits",
    "ReleaseFont",
    "ReleaseVendorSlots",
    "ReplaceResponse",
    "RetireTemplate",
    "ReverseCredits",
    "RevokeKey",
    "SaveAsset",
    "SaveBrandKit",
    "SaveDelivery",
    "SaveEndpoint",
    "SaveExpiringGrants",
    "SaveFont",
    "SaveIdempotencyRecord",
    "SaveManifest",
    "SaveOneTimePassword",
    "SavePlan",
    "SavePurchase",
    "SaveReconciliation",
    "SaveReloadState",
    "SaveRender",
    "SaveSpread",
    "SaveTemplate",
    "SetAutoReload",
    "SetCustomer",
    "SetDefaultBrandKit",
    "SettleCredits",
    "SettleFile",
    "SpendCredits",
    "StoredResponse",
    "TakeSlots",
    "TakeUploadPlace",
    "UncountTemplate",
    "UseFont",
    "UseOneTimePassword",
    "WatchWallet",
    "Write",
    "WriteRefused",
]
