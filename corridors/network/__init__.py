"""Networks: links, crossings, speeds and delays, bundled or the user's own."""
