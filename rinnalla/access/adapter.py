"""How sign-in is tuned for this house."""

from allauth.account.adapter import DefaultAccountAdapter


class WorkerAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a coordinator or administrator invites."""

    def is_open_for_signup(self, request):
        return False
