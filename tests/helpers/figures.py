"""What stands where on a figure."""


def box_of(artist):
    """Return the box of an artist in pixels, with the frame around a number."""
    renderer = artist.figure.canvas.get_renderer()
    box = artist.get_window_extent(renderer)
    patch = getattr(artist, "get_bbox_patch", lambda: None)()
    if patch is not None:
        artist.update_bbox_position_size(renderer)
        return patch.get_window_extent(renderer)
    return box
