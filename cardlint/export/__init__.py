"""Cards as documents of other standards: SPDX, CycloneDX, Croissant, the Model Documentation Form. Nothing is invented."""
