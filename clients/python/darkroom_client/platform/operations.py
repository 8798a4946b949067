"""The calls of platform, one method each. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Literal, Unpack

from darkroom_client.platform import answers, requests
from darkroom_client.transport import AsyncTransport, Call, Transport


class PlatformOperations:
    """Every call of the platform API."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_health(self) -> answers.Health:
        """Is the API up?."""
        return self._transport.send(Call("GET", "/health"), answers.Health)

    def list_keys(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.KeyList:
        """List keys, revoked ones too."""
        return self._transport.send(
            Call("GET", "/keys", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.KeyList,
        )

    def iterate_keys(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.Key]:
        """List keys, revoked ones too: each, page after page."""
        call = Call("GET", "/keys", query={"limit": limit, "starting_after": starting_after, "order": order})
        return self._transport.pages(call, answers.KeyList, answers.Key)

    def create_key(self, **body: Unpack[requests.NewKey]) -> answers.KeyAnswer:
        """Mint a key."""
        return self._transport.send(Call("POST", "/keys", body=body), answers.KeyAnswer)

    def set_key_budget(self, key_id: str, **body: Unpack[requests.KeyBudget]) -> answers.ChangedKey:
        """Set a key's ceilings."""
        return self._transport.send(Call("PUT", f"/keys/{key_id}/budget", body=body), answers.ChangedKey)

    def revoke_key(self, key_id: str) -> answers.Revoked:
        """Revoke a key, at once, and the keys it made."""
        return self._transport.send(Call("DELETE", f"/keys/{key_id}"), answers.Revoked)

    def get_credits(self) -> answers.CreditsAnswer:
        """The wallet of the key's mode."""
        return self._transport.send(Call("GET", "/credits"), answers.CreditsAnswer)

    def list_ledger(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.EntryList:
        """Every movement of credits."""
        return self._transport.send(
            Call("GET", "/ledger", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.EntryList,
        )

    def iterate_ledger(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.Entry]:
        """Every movement of credits: each, page after page."""
        call = Call(
            "GET", "/ledger", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.EntryList, answers.Entry)

    def get_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "key", "offer"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.UsageReport:
        """What the workspace used, in the key's mode."""
        return self._transport.send(
            Call(
                "GET",
                "/usage",
                query={
                    "from": from_,
                    "to": to,
                    "group_by": group_by,
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                },
            ),
            answers.UsageReport,
        )

    def iterate_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "key", "offer"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.UsageGroup]:
        """What the workspace used, in the key's mode: each, page after page."""
        call = Call(
            "GET",
            "/usage",
            query={
                "from": from_,
                "to": to,
                "group_by": group_by,
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
            },
        )
        return self._transport.pages(call, answers.UsageReport, answers.UsageGroup)

    def list_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.FileList:
        """List files."""
        return self._transport.send(
            Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.FileList,
        )

    def iterate_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.File]:
        """List files: each, page after page."""
        call = Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order})
        return self._transport.pages(call, answers.FileList, answers.File)

    def create_file(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.UploadBody]
    ) -> answers.UploadAnswer:
        """Announce a file, and learn how to upload it."""
        return self._transport.send(
            Call("POST", "/files", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.UploadAnswer,
        )

    def get_file(self, file_id: str) -> answers.FileAnswer:
        """Fetch a file."""
        return self._transport.send(Call("GET", f"/files/{file_id}"), answers.FileAnswer)

    def delete_file(self, file_id: str) -> answers.FileDeleted:
        """Delete a file and its bytes."""
        return self._transport.send(Call("DELETE", f"/files/{file_id}"), answers.FileDeleted)

    def list_manifests(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.ManifestList:
        """List manifests."""
        return self._transport.send(
            Call(
                "GET", "/manifests", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.ManifestList,
        )

    def iterate_manifests(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> Iterator[answers.Manifest]:
        """List manifests: each, page after page."""
        call = Call(
            "GET", "/manifests", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.ManifestList, answers.Manifest)

    def create_manifest(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.NewManifest]
    ) -> answers.ManifestUploadAnswer:
        """Announce a manifest, and learn how to upload its file."""
        return self._transport.send(
            Call("POST", "/manifests", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.ManifestUploadAnswer,
        )

    def get_manifest(self, manifest_id: str) -> answers.ManifestAnswer:
        """How a manifest stands."""
        return self._transport.send(Call("GET", f"/manifests/{manifest_id}"), answers.ManifestAnswer)

    def get_manifest_results(self, manifest_id: str) -> answers.ManifestResults:
        """Where a manifest's results and its report of bad rows are."""
        return self._transport.send(Call("GET", f"/manifests/{manifest_id}/results"), answers.ManifestResults)

    def cancel_manifest(self, manifest_id: str) -> answers.ManifestAnswer:
        """Cancel a manifest."""
        return self._transport.send(Call("POST", f"/manifests/{manifest_id}/cancel"), answers.ManifestAnswer)

    def create_workspace(self, **body: Unpack[requests.NewWorkspace]) -> answers.WorkspaceAnswer:
        """Open a workspace."""
        return self._transport.send(Call("POST", "/admin/workspaces", body=body), answers.WorkspaceAnswer)

    def get_workspace(self, workspace_id: str) -> answers.WorkspaceState:
        """A workspace and its wallets."""
        return self._transport.send(Call("GET", f"/admin/workspaces/{workspace_id}"), answers.WorkspaceState)

    def get_all_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "offer", "vendor", "workspace"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        livemode: bool | None = None,
    ) -> answers.CostReport:
        """What all workspaces used, what it earned and what it cost."""
        return self._transport.send(
            Call(
                "GET",
                "/admin/usage",
                query={
                    "from": from_,
                    "to": to,
                    "group_by": group_by,
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                    "livemode": livemode,
                },
            ),
            answers.CostReport,
        )

    def iterate_all_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "offer", "vendor", "workspace"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        livemode: bool | None = None,
    ) -> Iterator[answers.CostGroup]:
        """What all workspaces used, what it earned and what it cost: each, page after page."""
        call = Call(
            "GET",
            "/admin/usage",
            query={
                "from": from_,
                "to": to,
                "group_by": group_by,
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
                "livemode": livemode,
            },
        )
        return self._transport.pages(call, answers.CostReport, answers.CostGroup)

    def get_reconciliation(self) -> answers.ReconciliationAnswer:
        """The last reconciliation, and what it found."""
        return self._transport.send(Call("GET", "/admin/reconcile"), answers.ReconciliationAnswer)

    def get_job(self, workspace_id: str, job_id: str) -> answers.JobAnswer:
        """How a job went, and at which vendor."""
        return self._transport.send(
            Call("GET", f"/admin/workspaces/{workspace_id}/jobs/{job_id}"), answers.JobAnswer
        )

    def spread_wallet(self, workspace_id: str, **body: Unpack[requests.Spread]) -> answers.SpreadWallet:
        """Spread a busy workspace's wallet over several rows."""
        return self._transport.send(
            Call("POST", f"/admin/workspaces/{workspace_id}/shards", body=body), answers.SpreadWallet
        )

    def grant_credits(
        self, workspace_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.NewGrant]
    ) -> answers.Granted:
        """Grant credits, once per reference."""
        return self._transport.send(
            Call(
                "POST",
                f"/admin/workspaces/{workspace_id}/credits",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.Granted,
        )


class AsyncPlatformOperations:
    """Every call of the platform API."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_health(self) -> answers.Health:
        """Is the API up?."""
        return await self._transport.send(Call("GET", "/health"), answers.Health)

    async def list_keys(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.KeyList:
        """List keys, revoked ones too."""
        return await self._transport.send(
            Call("GET", "/keys", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.KeyList,
        )

    def iterate_keys(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.Key]:
        """List keys, revoked ones too: each, page after page."""
        call = Call("GET", "/keys", query={"limit": limit, "starting_after": starting_after, "order": order})
        return self._transport.pages(call, answers.KeyList, answers.Key)

    async def create_key(self, **body: Unpack[requests.NewKey]) -> answers.KeyAnswer:
        """Mint a key."""
        return await self._transport.send(Call("POST", "/keys", body=body), answers.KeyAnswer)

    async def set_key_budget(self, key_id: str, **body: Unpack[requests.KeyBudget]) -> answers.ChangedKey:
        """Set a key's ceilings."""
        return await self._transport.send(
            Call("PUT", f"/keys/{key_id}/budget", body=body), answers.ChangedKey
        )

    async def revoke_key(self, key_id: str) -> answers.Revoked:
        """Revoke a key, at once, and the keys it made."""
        return await self._transport.send(Call("DELETE", f"/keys/{key_id}"), answers.Revoked)

    async def get_credits(self) -> answers.CreditsAnswer:
        """The wallet of the key's mode."""
        return await self._transport.send(Call("GET", "/credits"), answers.CreditsAnswer)

    async def list_ledger(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.EntryList:
        """Every movement of credits."""
        return await self._transport.send(
            Call("GET", "/ledger", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.EntryList,
        )

    def iterate_ledger(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.Entry]:
        """Every movement of credits: each, page after page."""
        call = Call(
            "GET", "/ledger", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.EntryList, answers.Entry)

    async def get_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "key", "offer"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.UsageReport:
        """What the workspace used, in the key's mode."""
        return await self._transport.send(
            Call(
                "GET",
                "/usage",
                query={
                    "from": from_,
                    "to": to,
                    "group_by": group_by,
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                },
            ),
            answers.UsageReport,
        )

    def iterate_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "key", "offer"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.UsageGroup]:
        """What the workspace used, in the key's mode: each, page after page."""
        call = Call(
            "GET",
            "/usage",
            query={
                "from": from_,
                "to": to,
                "group_by": group_by,
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
            },
        )
        return self._transport.pages(call, answers.UsageReport, answers.UsageGroup)

    async def list_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.FileList:
        """List files."""
        return await self._transport.send(
            Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order}),
            answers.FileList,
        )

    def iterate_files(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.File]:
        """List files: each, page after page."""
        call = Call("GET", "/files", query={"limit": limit, "starting_after": starting_after, "order": order})
        return self._transport.pages(call, answers.FileList, answers.File)

    async def create_file(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.UploadBody]
    ) -> answers.UploadAnswer:
        """Announce a file, and learn how to upload it."""
        return await self._transport.send(
            Call("POST", "/files", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.UploadAnswer,
        )

    async def get_file(self, file_id: str) -> answers.FileAnswer:
        """Fetch a file."""
        return await self._transport.send(Call("GET", f"/files/{file_id}"), answers.FileAnswer)

    async def delete_file(self, file_id: str) -> answers.FileDeleted:
        """Delete a file and its bytes."""
        return await self._transport.send(Call("DELETE", f"/files/{file_id}"), answers.FileDeleted)

    async def list_manifests(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> answers.ManifestList:
        """List manifests."""
        return await self._transport.send(
            Call(
                "GET", "/manifests", query={"limit": limit, "starting_after": starting_after, "order": order}
            ),
            answers.ManifestList,
        )

    def iterate_manifests(
        self,
        *,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
    ) -> AsyncIterator[answers.Manifest]:
        """List manifests: each, page after page."""
        call = Call(
            "GET", "/manifests", query={"limit": limit, "starting_after": starting_after, "order": order}
        )
        return self._transport.pages(call, answers.ManifestList, answers.Manifest)

    async def create_manifest(
        self, *, idempotency_key: str | None = None, **body: Unpack[requests.NewManifest]
    ) -> answers.ManifestUploadAnswer:
        """Announce a manifest, and learn how to upload its file."""
        return await self._transport.send(
            Call("POST", "/manifests", body=body, idempotency_key=idempotency_key, repeatable=True),
            answers.ManifestUploadAnswer,
        )

    async def get_manifest(self, manifest_id: str) -> answers.ManifestAnswer:
        """How a manifest stands."""
        return await self._transport.send(Call("GET", f"/manifests/{manifest_id}"), answers.ManifestAnswer)

    async def get_manifest_results(self, manifest_id: str) -> answers.ManifestResults:
        """Where a manifest's results and its report of bad rows are."""
        return await self._transport.send(
            Call("GET", f"/manifests/{manifest_id}/results"), answers.ManifestResults
        )

    async def cancel_manifest(self, manifest_id: str) -> answers.ManifestAnswer:
        """Cancel a manifest."""
        return await self._transport.send(
            Call("POST", f"/manifests/{manifest_id}/cancel"), answers.ManifestAnswer
        )

    async def create_workspace(self, **body: Unpack[requests.NewWorkspace]) -> answers.WorkspaceAnswer:
        """Open a workspace."""
        return await self._transport.send(
            Call("POST", "/admin/workspaces", body=body), answers.WorkspaceAnswer
        )

    async def get_workspace(self, workspace_id: str) -> answers.WorkspaceState:
        """A workspace and its wallets."""
        return await self._transport.send(
            Call("GET", f"/admin/workspaces/{workspace_id}"), answers.WorkspaceState
        )

    async def get_all_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "offer", "vendor", "workspace"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        livemode: bool | None = None,
    ) -> answers.CostReport:
        """What all workspaces used, what it earned and what it cost."""
        return await self._transport.send(
            Call(
                "GET",
                "/admin/usage",
                query={
                    "from": from_,
                    "to": to,
                    "group_by": group_by,
                    "limit": limit,
                    "starting_after": starting_after,
                    "order": order,
                    "livemode": livemode,
                },
            ),
            answers.CostReport,
        )

    def iterate_all_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        group_by: list[Literal["day", "offer", "vendor", "workspace"]] | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        order: Literal["newest", "oldest"] | None = None,
        livemode: bool | None = None,
    ) -> AsyncIterator[answers.CostGroup]:
        """What all workspaces used, what it earned and what it cost: each, page after page."""
        call = Call(
            "GET",
            "/admin/usage",
            query={
                "from": from_,
                "to": to,
                "group_by": group_by,
                "limit": limit,
                "starting_after": starting_after,
                "order": order,
                "livemode": livemode,
            },
        )
        return self._transport.pages(call, answers.CostReport, answers.CostGroup)

    async def get_reconciliation(self) -> answers.ReconciliationAnswer:
        """The last reconciliation, and what it found."""
        return await self._transport.send(Call("GET", "/admin/reconcile"), answers.ReconciliationAnswer)

    async def get_job(self, workspace_id: str, job_id: str) -> answers.JobAnswer:
        """How a job went, and at which vendor."""
        return await self._transport.send(
            Call("GET", f"/admin/workspaces/{workspace_id}/jobs/{job_id}"), answers.JobAnswer
        )

    async def spread_wallet(self, workspace_id: str, **body: Unpack[requests.Spread]) -> answers.SpreadWallet:
        """Spread a busy workspace's wallet over several rows."""
        return await self._transport.send(
            Call("POST", f"/admin/workspaces/{workspace_id}/shards", body=body), answers.SpreadWallet
        )

    async def grant_credits(
        self, workspace_id: str, *, idempotency_key: str | None = None, **body: Unpack[requests.NewGrant]
    ) -> answers.Granted:
        """Grant credits, once per reference."""
        return await self._transport.send(
            Call(
                "POST",
                f"/admin/workspaces/{workspace_id}/credits",
                body=body,
                idempotency_key=idempotency_key,
                repeatable=True,
            ),
            answers.Granted,
        )
