"""The waivers file's shape; ``schemas/waivers.schema.json`` is generated from it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, RootModel


class WaiverEntry(BaseModel):
    """One exception that somebody answers for until a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(min_length=1, description="A rule's code or name, a family, or a tag.")
    repos: list[str] = Field(min_length=1, description="Globs over the repository's id or the card's path.")
    reason: str = Field(min_length=1, description="Why the finding may stand.")
    owner: str = Field(min_length=1, description="Who answers for it.")
    expires: str = Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="The last day on which it holds: YYYY-MM-DD.")


class WaiverFile(RootModel[list[WaiverEntry]]):
    """A list of waivers."""
