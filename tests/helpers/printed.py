"""Sheets of a PDF as pictures, rendered by the viewer that comes with Chromium."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper: its pixels, shape (rows, columns, 3), and millimetres to a pixel."""

    pixels: np.ndarray
    mm: float

    def near(self, colour, within=60):
        """Return where the pixels have nearly a colour such as #a05000."""
        wanted = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
        return np.abs(self.pixels.astype(int) - wanted).max(axis=2) < within

    def spots(self, colour, smallest_mm, largest_mm):
        """Return x and y in millimetres of the middles of filled round spots of a colour."""
        label, _ = ndimage.label(self.near(colour))
        middles = []
        for n, (rows, columns) in enumerate(ndimage.find_objects(label), 1):
            size = np.array([columns.stop - columns.start, rows.stop - rows.start]) * self.mm
            share = (label[rows, columns] == n).mean()
            like_a_disc = np.ptp(size) < 0.3 * size.max() and 0.6 < share < 0.95
            if like_a_disc and smallest_mm < size.max() < largest_mm:
                y, x = ndimage.center_of_mass(label[rows, columns] == n)
                middle = np.array([columns.start + x, rows.start + y]) + 0.5
                middles.append(middle * self.mm)
        return np.array(middles).reshape(-1, 2)


def sheet(browser, pdf, wide_mm, high_mm):
    """Return the first sheet of a PDF, which has a size in millimetres."""
    # Twice five pixels a millimetre, and room for the edge of the viewer.
    size = {"width": 5 * wide_mm, "height": 5 * high_mm + 40}
    context = browser.new_context(viewport=size, device_scale_factor=2)
    try:
        page = context.new_page()
        page.goto(f"{pdf.resolve().as_uri()}#toolbar=0&navpanes=0&view=FitH")
        before, last = b"", time.monotonic() + 20
        while time.monotonic() < last:
            shot = page.screenshot()
            pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))
            # Beside the white sheet the viewer is dark.
            white = (pixels > 250).all(axis=2)
            if shot == before and white.any() and not white.all():
                columns = np.flatnonzero(white[40])
                first, end = columns[0], columns[-1] + 1
                top = int(np.flatnonzero(white[:, first + 20])[0])
                return Sheet(pixels[top:, first:end], wide_mm / (end - first))
            before = shot
            page.wait_for_timeout(200)
        raise AssertionError("the viewer never came to rest")
    finally:
        context.close()
