"""Brands, and what is read and written about them while a caller waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.jobs import JobServices

if TYPE_CHECKING:
    from darkroom.adapters.house_engine import HouseEngine
    from darkroom.domain.brands.brand_kit import BrandKit, KitPicture
    from darkroom.ports.brands import ImportPicture
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.brands.analyze_website import AnalyzeWebsite
    from darkroom.services.brands.attach_products import AttachProducts
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

    def _request_forgetting(self, caller: Caller, pictures: Sequence[KitPicture]) -> None:
        """Builds what submits jobs only once a picture is to be deleted."""
        from darkroom.catalog_data import memes
        from darkroom.services.brands.forget_pictures import RequestForgetting

        RequestForgetting(self.submit_job, memes.FORGET)(caller, pictures)

    def house_engine(self, import_picture: ImportPicture) -> HouseEngine:
        """The engine of what a stack does itself."""
        from darkroom.adapters import house_engine as house
        from darkroom.services.brands.forget_pictures import FORGET_AFTER, ForgetPictures

        makers = {
            "page": house.page_reader(self.web_pages),
            "import": house.picture_importer(import_picture),
            "products": house.deed(self.attach_products(import_picture)),
            "forget": house.deed(ForgetPictures(self.assets, self.blobs, self.store, self.clock)),
        }
        return house.HouseEngine(self.clock, makers, {"forget": FORGET_AFTER})

    def do_house_work(self, import_picture: ImportPicture, lease: timedelta) -> ExecuteTask:
        """The use case of the worker for that."""
        house = self.house_engine(import_picture)
        return self.execute_task({house.name: house}, lease)

    def attach_products(self, import_picture: ImportPicture) -> AttachProducts:
        """Kits filled from their websites, in the worker."""
        from darkroom.services.brands.attach_products import AttachProducts

        return AttachProducts(
            self.web_pages,
            self.picture_fetcher,
            import_picture,
            self.brand_kits,
            self.files,
            self.blobs,
            self.store,
            self.clock,
        )

    @cached_property
    def manage_brand_kits(self) -> ManageBrandKits:
        from darkroom.services.brands.manage_brand_kits import ManageBrandKits

        return ManageBrandKits(
            self.store,
            self.brand_kits,
            self.clock,
            self.ids,
            self._request_products,
            self._request_forgetting,
        )

    def _request_products(self, caller: Caller, kit: BrandKit) -> None:
        """Builds what submits jobs only once a kit is to be filled."""
        from darkroom.catalog_data import memes
        from darkroom.services.brands.attach_products import RequestProducts

        RequestProducts(self.submit_job, memes.PRODUCTS)(caller, kit)

    @property
    def kit_pictures(self) -> KitPictures:
        """The pictures of kits, for callers who wait."""
        from darkroom.catalog_data import memes
        from darkroom.services.brands.kit_pictures import KitPictures

        run = replace(self.run_job, seconds=PICTURE_SECONDS)
        return KitPictures(self.manage_brand_kits, self.resolve_inputs, self.files, run, memes.IMPORT)

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
