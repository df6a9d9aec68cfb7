"""The gazetteer: places, and how a name in any language and spelling finds one."""
