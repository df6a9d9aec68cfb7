"""The head of a treaty file that tests write."""

HEAD = """id = "demo"
kind = "border"
name = "Demo"
document = "Treaty of Demo"
parties = []
source = "bolat-kars"
state = "quoted"
"""
