"""How allauth is bent to the portal's rules: nobody signs up here, an electronic identity comes from VNeID."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    pass


class VneidAdapter(DefaultSocialAccountAdapter):
    pass
