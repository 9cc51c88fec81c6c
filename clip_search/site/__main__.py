"""The command behind `make docs`."""

import sys

from clip_search.private_files import keep_private
from clip_search.project import target_path
from clip_search.site.build import SiteError, build_site
from clip_search.site.links import dead_links


def main() -> int:
    """Build the site, check it for dead links, and print the page to open."""
    keep_private()
    site = target_path() / "site"
    try:
        build_site(site, lambda step: print(f"docs: building {step}", flush=True))
    except SiteError as error:
        print(f"error: the site is not complete\n{error}", file=sys.stderr)
        return 1
    dead = dead_links(site)
    for link in dead:
        print(f"error: {link.page} links to {link.address}: {link.reason}")
    print(f"docs: open {site / 'index.html'}")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
