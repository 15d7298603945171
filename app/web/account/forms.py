"""The forms of the account. They check shape; whether a password is good enough, the operations say."""

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import PageForm

NEEDED = InputRequired("This is needed.")
_MAIL = Length(max=254, message="An email address has at most 254 characters.")
_ADVICE = "At least 12 characters. A few words in a row are good and easy to keep in mind."


class SignInForm(PageForm):
    """Who, and the proof."""

    email = EmailField("Email address", [NEEDED, _MAIL], render_kw={"autocomplete": "username", "autofocus": True})
    password = PasswordField("Password", [NEEDED], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class CodeForm(PageForm):
    """A code of the authenticator, or one from paper where it says so."""

    code = StringField(
        "Code",
        [NEEDED, Length(max=40, message="This is too long for a code.")],
        render_kw={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"},
    )


class ForgottenForm(PageForm):
    """Whose password is to be set anew."""

    email = EmailField("Email address", [NEEDED, _MAIL], render_kw={"autocomplete": "username", "autofocus": True})


class NewPasswordForm(PageForm):
    """A new password, for those who have proved themselves by a mail."""

    password = PasswordField("New password", [NEEDED], description=_ADVICE, render_kw={"autocomplete": "new-password"})


class ChangePasswordForm(PageForm):
    """The old password and the new one."""

    current = PasswordField("Your password until now", [NEEDED], render_kw={"autocomplete": "current-password"})
    password = PasswordField("New password", [NEEDED], description=_ADVICE, render_kw={"autocomplete": "new-password"})


class JoinForm(PageForm):
    """An account for somebody who was invited."""

    name = StringField("Your name", [NEEDED], render_kw={"autocomplete": "name"})
    password = PasswordField("Password", [NEEDED], description=_ADVICE, render_kw={"autocomplete": "new-password"})


class NameForm(PageForm):
    """One's own name."""

    name = StringField("Name", [NEEDED], render_kw={"autocomplete": "name"})


class PasswordForm(PageForm):
    """The password once more, before something grave."""

    current = PasswordField("Your password", [NEEDED], render_kw={"autocomplete": "current-password"})
