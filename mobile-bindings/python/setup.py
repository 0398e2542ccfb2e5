"""Names the wheel after the platform: it holds a library, but nothing of one Python's own."""

from setuptools import Distribution, setup
from wheel.bdist_wheel import bdist_wheel


class Native(Distribution):
    def has_ext_modules(self):
        return True


class AnyPython(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(distclass=Native, cmdclass={"bdist_wheel": AnyPython})
