"""Record products, edit them, make two of them one, and take them away; their other names and their releases."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.models.software import ProductAlias
from app.operations import products as operation
from app.operations.conflict import ConflictError
from app.queries.software import categories_of, product_by_id, products_named, publishers_of, release_by_id
from app.web.certificates.forms import ReasonForm
from app.web.fields import row_id
from app.web.forms import show_refusal
from app.web.software.area import area, product_or_404
from app.web.software.forms import AliasForm, MergeForm, ProductForm, ReleaseForm
from app.work import Work


def _known(work: Work) -> dict[str, Any]:
    return {"publishers": publishers_of(work), "categories": categories_of(work)}


@area.form("/new", needs=Permission.MANAGE_ASSETS)
def create(work: Work) -> ResponseReturnValue:
    """Record a product."""
    form = ProductForm()
    page = {"form": form, "product": None}
    if request.method == "GET":
        return render_template("software/edit.html", **page, **_known(work))
    if not form.validate():
        return render_template("software/edit.html", **page, **_known(work)), 422
    try:
        product = operation.create(work, form.details)
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("software/edit.html", **page, **_known(work), refused=refused), 422
    flash(f"{product.label} is recorded.", "success")
    return redirect(url_for("software.show", product_id=product.id), 303)


@area.form("/<int:product_id>/edit", needs=Permission.MANAGE_ASSETS)
def edit(work: Work, product_id: int) -> ResponseReturnValue:
    """Change what is said of a product."""
    product = product_or_404(work, product_id, for_update=request.method == "POST")
    form = ProductForm()
    page = {"form": form, "product": product, "label": product.label}
    if request.method == "GET":
        form.tell(product)
        return render_template("software/edit.html", **page, **_known(work))
    if not form.validate():
        return render_template("software/edit.html", **page, **_known(work)), 422
    try:
        operation.edit(work, product, form.details, form.seen)
    except ConflictError as conflict:
        form.version.data = str(conflict.now.version)
        return render_template(
            "software/edit.html", **page, **_known(work), refused=conflict.why, kept=conflict.now
        ), 422
    except RefusedError as refusal:
        refused = show_refusal(form, refusal)
        return render_template("software/edit.html", **page, **_known(work), refused=refused), 422
    flash(f"{product.label} is saved.", "success")
    return redirect(url_for("software.show", product_id=product.id), 303)


@area.form("/<int:product_id>/merge", needs=Permission.MANAGE_ASSETS)
def merge(work: Work, product_id: int) -> ResponseReturnValue:
    """Make it one with the product that it is in truth."""
    product = product_or_404(work, product_id, for_update=request.method == "POST")
    form = MergeForm()
    page: dict[str, Any] = {"form": form, "product": product}
    if request.method == "GET":
        return render_template("software/merge.html", **page, products=products_named(work))
    refused: Any = None
    if form.validate():
        label = product.label
        try:
            kept = None
            if form.into.data.strip().isdecimal():
                kept = product_by_id(work, _row(form.into.data), for_update=True)
            if kept is None:
                raise RefusedError("Choose a product from the list.", "into")
            moved = operation.merge(work, product, kept, form.reason.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{label} is {kept.label} from now on; {moved:,} installations moved.", "success")
            return redirect(url_for("software.show", product_id=kept.id), 303)
    return render_template("software/merge.html", **page, products=products_named(work), refused=refused), 422


def _row(text: str) -> int:
    try:
        return row_id(text)
    except ValueError:
        raise RefusedError("Choose a product from the list.", "into") from None


@area.form("/<int:product_id>/remove", needs=Permission.MANAGE_ASSETS)
def remove(work: Work, product_id: int) -> ResponseReturnValue:
    """Take away a product that was recorded by mistake, as long as nothing points at it."""
    product = product_or_404(work, product_id, for_update=request.method == "POST")
    form = ReasonForm()
    refused: Any = None
    if request.method == "GET":
        return render_template("software/remove.html", form=form, product=product)
    if form.validate():
        label = product.label
        try:
            operation.remove(work, product, form.reason.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{label} is removed.", "success")
            return redirect(url_for("software.index"), 303)
    return render_template("software/remove.html", form=form, product=product, refused=refused), 422


@area.form("/<int:product_id>/names/new", needs=Permission.MANAGE_ASSETS)
def add_alias(work: Work, product_id: int) -> ResponseReturnValue:
    """Remember another name of a product."""
    product = product_or_404(work, product_id)
    form = AliasForm()
    page: dict[str, Any] = {"form": form, "product": product}
    if request.method == "GET":
        return render_template("software/alias.html", **page)
    refused: Any = None
    if form.validate():
        try:
            operation.know_as(work, product, form.publisher.data or "", form.name.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{product.label} is known as “{form.name.data.strip()}” too.", "success")
            return redirect(url_for("software.show", product_id=product.id), 303)
    return render_template("software/alias.html", **page, refused=refused), 422


@area.post("/<int:product_id>/names/<int:alias_id>/forget", needs=Permission.MANAGE_ASSETS)
def forget_alias(work: Work, product_id: int, alias_id: int) -> ResponseReturnValue:
    """Forget another name of a product."""
    product = product_or_404(work, product_id)
    statement = select(ProductAlias).where(ProductAlias.id == alias_id, ProductAlias.product_id == product.id)
    alias = work.one_or_none(statement)
    if alias is None:
        abort(404)
    name = alias.name
    operation.forget_alias(work, alias)
    flash(f"“{name}” is no longer a name of {product.label}.", "success")
    return redirect(url_for("software.show", product_id=product.id), 303)


@area.form("/<int:product_id>/releases/new", needs=Permission.MANAGE_ASSETS)
def add_release(work: Work, product_id: int) -> ResponseReturnValue:
    """Say when a version came out and until when it is supported."""
    product = product_or_404(work, product_id)
    form = ReleaseForm()
    if request.method == "GET":
        form.version.data = request.args.get("version", "")[:80]
        return render_template("software/release.html", form=form, product=product)
    return _release(work, product, form)


@area.form("/<int:product_id>/releases/<int:release_id>", needs=Permission.MANAGE_ASSETS)
def edit_release(work: Work, product_id: int, release_id: int) -> ResponseReturnValue:
    """Change the days of a release."""
    product = product_or_404(work, product_id)
    release = release_by_id(work, product.id, release_id)
    if release is None:
        abort(404)
    form = ReleaseForm()
    if request.method == "GET":
        form.version.data, form.released_on.data = release.version, release.released_on
        form.support_ends_on.data = release.support_ends_on
        return render_template("software/release.html", form=form, product=product)
    return _release(work, product, form)


def _release(work: Work, product: Any, form: ReleaseForm) -> ResponseReturnValue:
    refused: Any = None
    if form.validate():
        try:
            kept = operation.release(work, product, form.version.data, form.released_on.data, form.support_ends_on.data)
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            flash(f"{product.label} {kept.version} is saved.", "success")
            return redirect(url_for("software.show", product_id=product.id), 303)
    return render_template("software/release.html", form=form, product=product, refused=refused), 422
