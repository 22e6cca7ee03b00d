// Opens why a cell stands so without loading the page anew. Without it, the link does the same.
'use strict'

const why = document.getElementById('why')

async function open (link) {
  const answer = await fetch(link.href, { headers: { accept: 'text/html' } })
  if (!answer.ok) throw new Error(String(answer.status))
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  why.replaceChildren(...page.getElementById('why').childNodes)
  for (const cell of document.querySelectorAll('.cell-here')) cell.classList.remove('cell-here')
  link.closest('td').classList.add('cell-here')
  why.scrollIntoView({ block: 'start' })
  document.getElementById('why-title').focus({ preventScroll: true })
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[data-why]')
  if (!link || !why || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  event.preventDefault()
  open(link).catch(() => { location.href = link.href })
})
