// How the page was served.
export const hosting = {
  newVersion: 'A new version is there.',
  loadedElsewhere: 'Another tab has loaded a new version.',
  load: 'Load it',
  afterTraining: 'You can load it when the training is over, or stopped.',
  oneThread: 'This page runs on one thread.',
  whyOneThread:
    'Its host does not send the headers that allow more (COOP and COEP), and this browser did not let a service worker add them. Everything works; nano and training are slower.',
  dismiss: 'Dismiss',
}
