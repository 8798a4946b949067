"""Templates in memory."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.templates.template import Template
from tests.fakes.memory import Memory, page_of


class FakeTemplates:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, owner: Owner, template_id: str) -> Template | None:
        return self._memory.templates.get((owner, template_id))

    def version(self, owner: Owner, template_id: str, number: int) -> Template | None:
        with self._memory.lock:
            current = self.get(owner, template_id)
            if current is not None and current.version == number:
                return current
            return self._memory.old_templates.get((owner, template_id, number))

    def list(self, owner: Owner, page: PageRequest) -> Page[Template]:
        if page.after is not None and self.get(owner, page.after) is None:
            raise unknown_cursor()
        with self._memory.lock:
            mine = [template for (o, _), template in self._memory.templates.items() if o == owner]
        return page_of(mine, page, lambda template: template.id, page.after)
