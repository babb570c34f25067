from django.contrib.auth.views import LogoutView
from django.urls import path

from bakery.home.views import accounts, books, household, members, today, welcome

urlpatterns = [
    path("", today.today, name="today"),
    path("welcome/", welcome.create_owner, name="welcome"),
    path("welcome/household/", welcome.name_household, name="welcome_household"),
    path("welcome/start/", welcome.start, name="welcome_start"),
    path("household/", household.household, name="household"),
    path("books/", books.books, name="books"),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="invite_member"),
    path("members/<int:user_id>/link/", members.new_link, name="member_link"),
    path("members/<int:user_id>/change/", members.change, name="change_member"),
    path("account/login/", accounts.LoginView.as_view(), name="login"),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", accounts.PasswordChangeView.as_view(), name="password_change"),
    path("account/set-password/<uidb64>/<token>/", accounts.SetPasswordView.as_view(), name="set_password"),
]
