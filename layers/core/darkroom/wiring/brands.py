"""Brands, and what is read and written about them while a caller waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.jobs import JobServices

if TYPE_CHECKING:
    from darkroom.adapters.house_engine import HouseEngine, Maker
    from darkroom.services.brands.analyze_website import AnalyzeWebsite
    from darkroom.services.brands.kit_pictures import KitPictures
    from darkroom.services.brands.manage_brand_kits import ManageBrandKits
    from darkroom.services.brands.read_web_page import ReadWebPage
    from darkroom.services.carousels.find_slide import FindSlide
    from darkroom.services.carousels.plan_carousel import PlanCarousel
    from darkroom.services.jobs.execute_task import ExecuteTask
    from darkroom.services.vendors.enhance_prompt import EnhancePrompt

PICTURE_SECONDS = 20  # a picture may be large and its server slow
PAGE_SECONDS = 9  # of which a worker takes eight at most


class BrandServices(JobServices):
    """Brands, and what is read and written about them while a caller waits."""

    def house_engine(self, makers: Mapping[str, Maker]) -> HouseEngine:
        """The engine of what a stack does itself: reading pages, and what ``makers`` make."""
        from darkroom.adapters.house_engine import HouseEngine, page_reader

        return HouseEngine({"page": page_reader(self.web_pages), **makers})

    def do_house_work(self, makers: Mapping[str, Maker], lease: timedelta) -> ExecuteTask:
        """The use case of the worker for that."""
        house = self.house_engine(makers)
        return self.execute_task({house.name: house}, lease)

    @cached_property
    def manage_brand_kits(self) -> ManageBrandKits:
        from darkroom.services.brands.manage_brand_kits import ManageBrandKits

        return ManageBrandKits(self.store, self.brand_kits, self.clock, self.ids)

    @property
    def kit_pictures(self) -> KitPictures:
        """The pictures of kits, for callers who wait."""
        from darkroom.catalog_data import memes
        from darkroom.services.brands.kit_pictures import KitPictures

        run = replace(self.run_job, seconds=PICTURE_SECONDS)
        return KitPictures(self.manage_brand_kits, self.resolve_inputs, run, memes.IMPORT)

    @property
    def read_web_page(self) -> ReadWebPage:
        """Web pages, for callers who wait."""
        from darkroom.catalog_data import memes
        from darkroom.services.brands.read_web_page import ReadWebPage

        return ReadWebPage(self.run_for_document(PAGE_SECONDS), self.url_check, memes.PAGE)

    @cached_property
    def analyze_website(self) -> AnalyzeWebsite:
        from darkroom.catalog_data import memes
        from darkroom.services.brands.analyze_website import AnalyzeWebsite

        return AnalyzeWebsite(self.read_web_page, self.write_text, self.store, self.clock, memes.PROFILE)

    @cached_property
    def find_slide(self) -> FindSlide:
        from darkroom.services.carousels.find_slide import FindSlide

        return FindSlide(self.slides, self.jobs)

    @cached_property
    def plan_carousel(self) -> PlanCarousel:
        from darkroom.catalog_data import memes
        from darkroom.services.carousels.plan_carousel import PlanCarousel

        return PlanCarousel(self.write_text, self.read_web_page, self.store, self.clock, self.ids, memes.PLAN)

    @cached_property
    def enhance_prompt(self) -> EnhancePrompt:
        from darkroom.catalog_data import memes
        from darkroom.services.vendors.enhance_prompt import EnhancePrompt

        return EnhancePrompt(self.write_text, self.read_web_page, self.store, self.clock, memes.ENHANCE)
